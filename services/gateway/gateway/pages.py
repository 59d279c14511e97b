"""The few pages that a person can see here, in Japanese and English: no script, no style, nothing of what was sent.

None of them asks for a secret: no page of this host ever takes one.
"""

from collections.abc import Iterable
from html import escape
from typing import Any, NamedTuple

from fastapi.responses import HTMLResponse, RedirectResponse

from gateway.errors import PageName

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class _Text(NamedTuple):
    status: int
    title_ja: str
    body_ja: str
    title_en: str
    body_en: str


_TEXTS: dict[PageName, _Text] = {
    "not-enrolled": _Text(
        403,
        "利用の登録がありません",
        "会社のログインはできましたが、このサービスの利用登録が見つかりませんでした。健康保険組合にお問い合わせください。",
        "You are not registered",
        "Your company's sign-in worked, but there is no registration for this service. Please ask your health insurance society.",
    ),
    "access-ended": _Text(
        403,
        "利用期間が終わりました",
        "このサービスを利用できる期間が終わっています。健康保険組合にお問い合わせください。",
        "Your access has ended",
        "The time for which you could use this service is over. Please ask your health insurance society.",
    ),
    "linked-elsewhere": _Text(
        403,
        "本人確認が必要です",
        "この社員番号は、会社の別のアカウントにすでに結び付いています。健康保険組合にお問い合わせください。確認のうえ、手続きをご案内します。",
        "We need to check who you are",
        "This work id belongs to another account of your company. Please ask your health insurance society to look.",
    ),
    "provider-unreachable": _Text(
        503,
        "会社のログインにつながりません",
        "会社のログイン画面に接続できませんでした。しばらくしてから、アプリでもう一度ログインしてください。パスキー、お手紙のコード、カードでのログインは今も使えます。",
        "Your company's sign-in cannot be reached",
        "Please wait a little, then sign in from the app again. A passkey, a letter or a card works meanwhile.",
    ),
    "unavailable": _Text(
        503,
        "ただいま利用できません",
        "しばらくしてから、アプリでもう一度ログインしてください。",
        "Not available right now",
        "Please wait a little, then sign in from the app again.",
    ),
    "expired": _Text(
        400,
        "このページの有効期限が切れました",
        "ログインの途中で時間が切れたか、このページはすでに使われています。アプリでもう一度ログインしてください。",
        "This page has expired",
        "The sign-in took too long, or this page was used before. Please sign in from the app again.",
    ),
    "malformed": _Text(
        400,
        "アプリからのログイン要求を確かめられませんでした",
        "アプリが登録されていないか、要求の内容が登録と違います。アプリの提供者にお問い合わせください。",
        "This sign-in request cannot be accepted",
        "The application is not registered, or its request is not as registered. Please ask whoever provides it.",
    ),
    "signed-out": _Text(
        200,
        "ログアウトしました",
        "このブラウザでのログインはすべて終わりました。",
        "You are signed out",
        "Every sign-in of this browser has ended.",
    ),
    "refused": _Text(
        400,
        "ログインできませんでした",
        "会社のログインからの返事を確かめられませんでした。アプリでもう一度ログインしてください。",
        "You could not be signed in",
        "The answer of your company's sign-in could not be verified. Please sign in from the app again.",
    ),
    "no-role": _Text(
        403,
        "職員としての権限がありません",
        "会社のログインはできましたが、このシステムの役割が割り当てられていません。システム管理者に、所属グループの設定をご確認ください。",
        "You have no role here",
        "Your company's sign-in worked, but gives you no role of this system. Please ask your administrator about your groups.",
    ),
    "roles-elsewhere": _Text(
        403,
        "所属グループを読み取れません",
        "所属グループが多すぎるため、会社のログインからグループの一覧が届きませんでした。"
        "このアプリに割り当てられたグループだけを通知するよう、システム管理者にご依頼ください。",
        "Your groups could not be read",
        "You are in so many groups that your company's sign-in does not list them. Please ask your administrator to have "
        "only the groups of this application listed.",
    ),
    "roles-unreadable": _Text(
        403,
        "所属グループを読み取れません",
        "会社のログインから届いたグループの一覧が正しい形式ではないため、役割を決められませんでした。システム管理者にお問い合わせください。",
        "Your groups could not be read",
        "What your company's sign-in says of your groups is not in the form that it should have, so no role was given. "
        "Please ask your administrator.",
    ),
}


_QUESTION = _Text(
    200,
    "ログアウトしますか",
    "このブラウザでログインしているすべてのアプリからログアウトします。",
    "Do you want to sign out?",
    "You will be signed out of every application that this browser is signed in to.",
)


class Choice(NamedTuple):
    """A way on from a page."""

    url: str
    ja: str
    en: str
    id: str
    """Of the link, by which a test finds it."""


def page(name: PageName, back: str | None = None) -> HTMLResponse:
    """Return one of the pages, with a way back to the application where one is known."""
    return _html(_TEXTS[name], [Choice(back, "アプリに戻る", "Back to the app", "back")] if back else [])


def chooser(choices: Iterable[Choice]) -> HTMLResponse:
    """Return the page on which a person chooses where to sign in."""
    text = _Text(
        200,
        "会社を選んでください",
        "どの会社のアカウントでログインしますか。",
        "Choose your company",
        "Whose account do you sign in with?",
    )
    return _html(text, choices)


def question(token: str, action: str) -> HTMLResponse:
    """Return the page that asks whether signing out is meant. ``token`` is base64url of ours; its form goes nowhere else."""
    form = (
        f'<form method="post" action="{action}"><input type="hidden" name="token" value="{token}">'
        '<button type="submit" id="confirm-logout">ログアウトする / Sign out</button></form>'
    )
    response = _html(_QUESTION, (), form)
    response.headers["Content-Security-Policy"] = HEADERS["Content-Security-Policy"].replace(
        "form-action 'none'", "form-action 'self'"
    )
    return response


def _html(text: _Text, ways: Iterable[Choice], form: str = "") -> HTMLResponse:
    links = [
        f'<li><a id="{escape(way.id)}" href="{escape(way.url)}">'
        f'{escape(way.ja)}<br><span lang="en">{escape(way.en)}</span></a></li>'
        for way in ways
    ]
    listed = f"<ul>{''.join(links)}</ul>" if links else ""
    return HTMLResponse(
        "<!DOCTYPE html>\n"
        '<html lang="ja"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text.title_ja} / {text.title_en}</title></head><body><main>"
        f"<h1>{text.title_ja}</h1><p>{text.body_ja}</p>"
        f'<section lang="en"><h2>{text.title_en}</h2><p>{text.body_en}</p></section>'
        f"{listed}{form}</main></body></html>\n",
        text.status,
        headers=HEADERS,
    )


def documented(*names: PageName) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses=`` of a route that can refuse with these pages."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for name in names:
        text = _TEXTS[name]
        told = by_status.setdefault(text.status, {"description": "", "content": {"text/html": {"schema": {"type": "string"}}}})
        told["description"] = "; ".join(filter(None, [told["description"], f"{name}: {text.title_en}"]))
    return dict(sorted(by_status.items(), key=lambda item: str(item[0])))


def redirect(url: str) -> RedirectResponse:
    """Return a redirect that turns every method into GET (RFC 9700 section 4.12), with the same headers as a page."""
    return RedirectResponse(url, 303, headers=HEADERS)
