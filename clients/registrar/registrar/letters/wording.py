"""The sentences of each kind of letter, in both languages."""

from dataclasses import dataclass

from .letter import Kind


@dataclass(frozen=True)
class Words:
    """One sentence in Japanese and in English."""

    ja: str
    en: str


@dataclass(frozen=True)
class Wording:
    """What differs between kinds. ``{child}`` stands for the child's name."""

    title: Words
    lead: Words


WORDINGS: dict[Kind, Wording] = {
    "first": Wording(
        Words("はじめてのログインに使うコードのお知らせ", "Your code for the first sign-in"),
        Words(
            "あなたの健康記録に、はじめてログインするためのコードです。",
            "With this code you sign in to your health records for the first time.",
        ),
    ),
    "recovery": Wording(
        Words("再登録に使うコードのお知らせ", "Your code to get back in"),
        Words(
            "ログインの手段をすべてなくされたとのお申し出により、新しいコードをお届けします。お申し出に心当たりのない方は、すぐにお電話ください。",
            "You told us that you lost every way to sign in; here is a new code. If you did not, please call us at once.",
        ),
    ),
    "guardian": Wording(
        Words("保護者の方が使うコードのお知らせ", "Your code as a parent or guardian"),
        Words(
            "お子さま（{child} さん）の健康記録を、保護者の方がご覧になるためのコードです。",
            "With this code you, as parent or guardian, sign in to the health records of {child}.",
        ),
    ),
    "takeover": Wording(
        Words("ご本人への引き継ぎに使うコードのお知らせ", "Your code to take over your own records"),
        Words(
            "これまで保護者の方がご覧になっていたあなたの健康記録を、これからはご自身でご覧になるためのコードです。",
            "Until now your parent or guardian looked after your health records; with this code you do so yourself.",
        ),
    ),
}

PORTAL_STEPS = (
    Words("パソコンまたはスマートフォンで、次のアドレスを開きます。", "Open this address on a computer or smartphone:"),
    Words(
        "「手紙のコードでログイン」を選び、QRコードを読み取るか、コードを入力します。",
        "Choose “Sign in with a letter”, then scan the QR code or type the code.",
    ),
    Words(
        "画面の案内にそって、次からのログイン方法（パスキーかカード）を登録します。",
        "Follow the screen and set up how you sign in from now on: a passkey or a card.",
    ),
)

COMMAND_STEPS = (
    Words("パソコンのターミナルで、次のコマンドを実行します。", "Run this command in a computer's terminal:"),
    Words(
        "上のコードを入力し、PINの欄は空のままEnterキーを押します。",
        "Type the code above, leave the PIN empty, and press Enter.",
    ),
    Words(
        "「add-card 財布」と入力し、次から使うカードとPINを登録します。",
        "Type “add-card wallet” and choose a PIN: with card and PIN you sign in from now on.",
    ),
)

CAUTIONS = (
    Words(
        "このコードは、ご家族をふくめ、だれにも教えないでください。電話・メール・訪問で私たちがコードをお聞きすることは、決してありません。",
        "Never give this code to anybody. We never ask for it by telephone, by e-mail or at your door.",
    ),
    Words(
        "なくしたときや封筒が開いていたときは、お電話ください。コードを無効にします。",
        "If this letter is lost, or its envelope was open, call us at once and the code is withdrawn.",
    ),
    Words(
        "コードは一度だけ使えます。この手紙は保険証や資格確認書の代わりになりません。",
        "The code works once. This letter is no proof of insurance.",
    ),
)

LABELS = {
    "code": Words("コード", "Code"),
    "hint": Words("小文字でも、ハイフンなしでもかまいません。", "Small letters and missing hyphens are fine."),
    "from": Words("使える日時", "Can be used from"),
    "until": Words("有効期限", "Valid until"),
    "number": Words("記号・番号", "Member number"),
    "steps": Words("お使いになる手順", "What to do"),
    "cautions": Words("ご注意", "Please note"),
    "contact": Words("お問い合わせ", "Questions"),
}
