"""The layout of `eligibility.csv`: one row per member, this project's own, because no public insurer-side layout exists.

The header line may use the Japanese header or the English name, in any order; columns with other headers are ignored. Dates are
YYYY-MM-DD, YYYY/MM/DD or YYYYMMDD. Full-width characters are folded (NFKC).

The previous number says that the same person was known under another number before: whoever stays a member after retiring, or
moves to another card. Of the three only the number must be filled; an empty symbol or branch is the row's own. The guardian's
branch names, on the same card, who looks after a child's records until they come of age.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its English name, its header in Japanese files, its length, whether it must be there and be filled."""

    name: str
    header: str
    limit: int
    needed: bool = True
    filled: bool = True


COLUMNS = (
    Column("insurer_number", "保険者番号", 8),
    Column("symbol", "記号", 20, filled=False),
    Column("number", "番号", 20),
    Column("branch", "枝番", 2),
    Column("relation", "続柄", 20),
    Column("qualification", "資格区分", 1),
    Column("kanji_name", "氏名漢字", 80, needed=False, filled=False),
    Column("kana_name", "氏名カナ", 80),
    Column("birth_date", "生年月日", 10),
    Column("sex", "性別", 6),
    Column("postcode", "郵便番号", 8, needed=False, filled=False),
    Column("address", "住所", 200, needed=False, filled=False),
    Column("telephone", "電話番号", 20, needed=False, filled=False),
    Column("email", "メールアドレス", 254, needed=False, filled=False),
    Column("acquired", "資格取得日", 10),
    Column("lost", "資格喪失日", 10, filled=False),
    Column("loss_reason", "喪失事由", 80, needed=False, filled=False),
    Column("site_code", "事業所コード", 20, needed=False, filled=False),
    Column("site_name", "事業所名", 80, needed=False, filled=False),
    Column("department_code", "部課コード", 20, needed=False, filled=False),
    Column("department_name", "部課名", 80, needed=False, filled=False),
    Column("work_id", "社員番号", 64, needed=False, filled=False),
    Column("previous_symbol", "旧記号", 20, needed=False, filled=False),
    Column("previous_number", "旧番号", 20, needed=False, filled=False),
    Column("previous_branch", "旧枝番", 2, needed=False, filled=False),
    Column("guardian_branch", "保護者枝番", 2, needed=False, filled=False),
)
