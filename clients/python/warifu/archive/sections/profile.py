"""The personal record."""

from datetime import datetime

from warifu.archive.section import Coded, Content, Section, Words
from warifu.fhir import PATIENT_URL, patient
from warifu.session import MemberSession

_FIELDS = {
    "member_number": Words("記号・番号", "Member number"),
    "name": Words("氏名", "Name"),
    "kana": Words("カナ氏名", "Name in kana"),
    "birth_date": Words("生年月日", "Birth date"),
    "sex": Words("性別", "Sex"),
    "relation": Words("区分", "Relation"),
    "postcode": Words("郵便番号", "Postcode"),
    "address": Words("住所", "Address"),
    "telephone": Words("電話番号", "Telephone"),
    "email": Words("メール", "E-mail"),
    "site": Words("事業所", "Site"),
    "department": Words("部署", "Department"),
}
_CODES = {
    "male": Words("男性", "male"),
    "female": Words("女性", "female"),
    "insured": Words("被保険者", "insured"),
    "dependant": Words("被扶養者", "dependant"),
}


async def _read(session: MemberSession, _now: datetime) -> Content:
    said = session.profile.model_dump()
    rows = [
        (Coded(name, words), Coded(said[name], _CODES[said[name]]) if said[name] in _CODES else said[name])
        for name, words in _FIELDS.items()
        if said[name]
    ]
    return Content(rows, [(PATIENT_URL, patient(session.profile))])


_COLUMNS = {"field": Words("項目", "Field"), "value": Words("内容", "Value")}
SECTION = Section("profile", 10, Words("登録情報", "Profile"), _COLUMNS, _read)
