"""What an officer is told, in Japanese and in English."""

from collections.abc import Mapping
from typing import Literal

from protocol.manifest import Purpose
from protocol.names import Zone

Lang = Literal["ja", "en"]

PURPOSES: Mapping[Purpose, Mapping[Lang, str]] = {
    "enrol": {
        "en": "Enrol members: accounts, keys and mailboxes are made.",
        "ja": "加入者の登録(アカウント、鍵、メールボックスを作る)",
    },
    "ingest": {"en": "Store checkups and read changed records.", "ja": "健診結果の登録と、変更された個人情報の受け取り"},
    "search": {"en": "Search members, and open records that are found.", "ja": "加入者の検索と、見つかった記録の開封"},
    "reidentify": {
        "en": "Find out who the people behind pseudonymous records are.",
        "ja": "仮名の記録が誰のものかを特定すること",
    },
    "recover": {"en": "Give people who lost their way in a new letter.", "ja": "ログイン手段を失った人への新しい手紙の発行"},
    "suspend": {"en": "End people's access.", "ja": "利用の停止"},
    "message": {
        "en": "Write to members whom nobody names: a text for everybody who fits criteria.",
        "ja": "条件に合う加入者全員へのお知らせの送信(宛先の名前は誰にも分かりません)",
    },
    "erase": {"en": "Erase people's data for good.", "ja": "データの完全な消去(元に戻せません)"},
}
ZONES: Mapping[Zone, Mapping[Lang, str]] = {
    "named": {"en": "named zone (gateway, keyvault, identity)", "ja": "実名ゾーン(gateway, keyvault, identity)"},
    "pseudonymous": {"en": "pseudonymous zone (anon-data, programs)", "ja": "仮名ゾーン(anon-data, programs)"},
}
USES: Mapping[str, Mapping[Lang, str]] = {
    "member": {"en": "blind evaluations of member numbers", "ja": "加入者番号の秘匿計算"},
    "enrol": {"en": "enrolments", "ja": "登録"},
    "withdraw": {"en": "withdrawals", "ja": "取り消し"},
    "update": {"en": "changed entries", "ja": "登録内容の変更"},
    "mailbox": {"en": "new mailboxes", "ja": "新しいメールボックス"},
    "profile": {"en": "changed records read", "ja": "変更された個人情報の受け取り"},
    "checkup": {"en": "checkups", "ja": "健診結果"},
    "medical-claim": {"en": "medical claims", "ja": "レセプト"},
    "guidance": {"en": "results of health guidance", "ja": "特定保健指導の結果"},
    "screening": {"en": "cancer screenings", "ja": "がん検診の受診"},
    "fact": {"en": "facts for points", "ja": "ポイント付与の事実"},
    "roster": {"en": "members with a roster unit", "ja": "所属を伝える加入者"},
    "index": {"en": "search words of members", "ja": "検索用の見出しの登録"},
    "search": {"en": "searches", "ja": "検索"},
    "open": {"en": "records opened", "ja": "記録の開封"},
    "number": {"en": "member numbers opened", "ja": "加入者番号の開封"},
    "recover": {"en": "recoveries", "ja": "再発行"},
    "message": {"en": "people written to", "ja": "お知らせの宛先の人数"},
    "suspend": {"en": "suspensions", "ja": "停止"},
    "erase": {"en": "erasures", "ja": "消去"},
}
TEXTS: Mapping[str, Mapping[Lang, str]] = {
    "about": {
        "en": "You are asked to sign a window for the registrar.",
        "ja": "登録担当者の作業枠(ウィンドウ)への署名を求められています。",
    },
    "insurer": {"en": "Insurer", "ja": "保険者番号"},
    "purpose": {"en": "Purpose", "ja": "目的"},
    "list": {"en": "Officers' list", "ja": "承認者名簿"},
    "list-number": {"en": "number {number}", "ja": "第{number}版"},
    "signed-by": {"en": "Signed so far by", "ja": "これまでの署名"},
    "signing": {"en": "To be signed by", "ja": "署名者"},
    "nobody": {"en": "nobody", "ja": "なし"},
    "from-until": {"en": "from {begin} until {end} (UTC)", "ja": "{begin} から {end} まで(日本時間)"},
    "until": {"en": "until {end} (UTC)", "ja": "{end} まで(日本時間)"},
    "at-most": {"en": "at most {count} {use}", "ja": "{use} 最大 {count} 件"},
    "nothing": {"en": "nothing is counted", "ja": "件数の枠なし"},
    "each-host": {"en": "Each host counts on its own.", "ja": "件数はホストごとに数えられます。"},
    "key": {"en": "registrar's key (thumbprint)", "ja": "登録担当者の鍵(拇印)"},
    "people": {"en": "It is about these {count} and no others", "ja": "対象は次の{count}名だけです"},
    "word": {
        "en": "Checked: these entries, and no others, are on the lists you sign, and both zones name the same people. Not checked, "
        "because nobody but the registrar can: that the entry of a name is really that person's at the hosts.",
        "ja": "確認済み: 署名する名簿にあるのはこの項目だけで、両ゾーンの対象者は同じです。確認できないこと: "
        "各項目がホスト上で本当にその人のものであるかは、登録担当者の申告によります。",
    },
    "word-here": {
        "en": "That these entries are really these people's at the hosts is the word of this workstation.",
        "ja": "各項目がホスト上で本当にその人のものであるかは、この端末の申告によります。",
    },
    "sure": {"en": "Sign this?", "ja": "署名しますか?"},
    "not-signed": {"en": "Not signed.", "ja": "署名しませんでした。"},
    "signed": {"en": "Signed as {officer}: {count} of 2 signatures.", "ja": "{officer} として署名しました(署名 {count}/2)。"},
    "change": {"en": "You are asked to sign the officers' next list.", "ja": "新しい承認者名簿への署名を求められています。"},
    "added": {"en": "added", "ja": "追加"},
    "removed": {"en": "removed", "ja": "削除"},
    "stays": {"en": "stays", "ja": "継続"},
    "compare": {
        "en": "Ask those who are added for their public key, in person or by telephone, and compare.",
        "ja": "追加される人の公開鍵は、対面または電話で本人に確かめてください。",
    },
    "staff-change": {"en": "You are asked to sign the next staff list.", "ja": "新しい職員名簿への署名を求められています。"},
    "staff-list": {"en": "Staff list", "ja": "職員名簿"},
    "staff-compare": {
        "en": "Ask each of those who are added for the print of their passkey, in person or by telephone, and compare.",
        "ja": "追加される人のパスキーの拇印は、対面または電話で本人に確かめてください。",
    },
    "supplier-change": {
        "en": "You are asked to sign the next list of suppliers.",
        "ja": "新しい提供元名簿への署名を求められています。",
    },
    "supplier-list": {"en": "Suppliers", "ja": "提供元名簿"},
    "supplier-compare": {
        "en": "Members' addresses are sealed to these keys. Ask each of those who are added for theirs, and compare.",
        "ja": "加入者の住所はこの鍵に封をして送られます。追加される提供元の鍵は、対面または電話で確かめてください。",
    },
    "keygen": {
        "en": "Key file written; keep it to yourself. Give the registrar this line:",
        "ja": "鍵ファイルを作成しました(他人に渡さないこと)。次の行を登録担当者に伝えてください:",
    },
    "closed-at": {"en": "Closed at: {hosts}", "ja": "閉じたホスト: {hosts}"},
    "closed": {"en": "closed", "ja": "閉鎖済み"},
    "open": {"en": "open", "ja": "開放中"},
    "left": {"en": "{use}: {left} of {quota} left", "ja": "{use}: 残り {left} / {quota}"},
    "no-window": {"en": "no window is open", "ja": "開いている作業枠はありません"},
    "no-answer": {"en": "no answer", "ja": "応答なし"},
}
REFUSED: Mapping[str, Mapping[Lang, str]] = {
    "not-a-request": {"en": "The file is no signing request.", "ja": "署名依頼のファイルではありません。"},
    "not-a-proposal": {"en": "The file is no proposal of a list.", "ja": "承認者名簿の提案ファイルではありません。"},
    "not-a-supplier-proposal": {
        "en": "The file is no proposal of a list of suppliers.",
        "ja": "提供元名簿の提案ファイルではありません。",
    },
    "not-a-staff-proposal": {"en": "The file is no proposal of a staff list.", "ja": "職員名簿の提案ファイルではありません。"},
    "officers": {
        "en": "Its officers' lists do not follow the one you pin.",
        "ja": "承認者名簿が手元の名簿からつながりません。",
    },
    "manifest": {"en": "A manifest, or a signature on it, does not hold.", "ja": "指示書またはその署名が正しくありません。"},
    "signature": {"en": "A signature on it does not hold.", "ja": "付いている署名が正しくありません。"},
    "origins": {"en": "It is for another deployment.", "ja": "別のシステムに対する依頼です。"},
    "list-number": {"en": "It names another officers' list than the current one.", "ja": "現在の承認者名簿と版が違います。"},
    "times": {"en": "It is not open now: over, or not begun.", "ja": "有効期間外です。"},
    "subjects": {
        "en": "The people it shows are not those that would be signed.",
        "ja": "表示される対象者と、署名される名簿が一致しません。",
    },
    "subjects-twice": {
        "en": "Somebody stands twice, or at a host of the other zone.",
        "ja": "対象者の重複、または別ゾーンの項目があります。",
    },
    "labels": {"en": "A name holds characters that do not print.", "ja": "表示できない文字を含む名前があります。"},
    "quotas": {"en": "It allows more than these people need.", "ja": "対象者の人数に比べて件数の枠が大きすぎます。"},
    "zones": {"en": "The two zones do not say the same.", "ja": "両ゾーンの内容が一致しません。"},
    "zones-share": {
        "en": "The two zones share an id or a key, and could be joined by it.",
        "ja": "両ゾーンが同じ番号や鍵を使っており、結び付けられるおそれがあります。",
    },
    "people-differ": {"en": "The two zones are about different people.", "ja": "両ゾーンの対象者が違います。"},
    "own-change": {"en": "You cannot sign your own addition or removal.", "ja": "自分自身の追加や削除には署名できません。"},
    "not-listed": {"en": "This key is not on the current officers' list.", "ja": "この鍵は現在の承認者名簿にありません。"},
}


def say(key: str, lang: Lang, **values: object) -> str:
    """Return a text."""
    return TEXTS[key][lang].format(**values)


def refusal(code: str, lang: Lang) -> str:
    """Return why a file is refused."""
    return REFUSED[code][lang]
