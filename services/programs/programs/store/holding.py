"""The tables of this store that hold a token: all of them, or an erasure would leave something behind."""

from mailboxes.store.holding import Holding

from programs.store import challenges, counting, install_keys, order_tables, point_erasure, point_rules, point_tables, steps, tables

HOLDING = Holding(
    steps.inbox,
    steps.step_day,
    steps.step_source,
    install_keys.install_key,
    tables.step_change,
    tables.contest_day_recent,
    tables.contest_day,
    tables.held_day,
    tables.entry,
    tables.roster_row,
    tables.unit_member,
    challenges.challenge_entry,
    point_rules.fact,
    *order_tables.OF_MEMBERS,
    *point_tables.OF_MEMBERS,
    closing=(*counting.CLOSING, *point_erasure.CLOSING),
)
