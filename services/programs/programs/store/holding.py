"""The tables of this store that hold a token: all of them, or an erasure would leave something behind."""

from mailboxes.store.holding import Holding

from programs.store import point_erasure, point_rules, point_tables, steps

HOLDING = Holding(steps.inbox, steps.step_day, point_rules.fact, *point_tables.OF_MEMBERS, closing=point_erasure.CLOSING)
