"""The tables of this store that hold a token: all of them, or an erasure would leave something behind."""

from mailboxes.store.holding import Holding

from anon_data.store import checkups, notes, people, vitals

HOLDING = Holding(checkups.observation, checkups.checkup, vitals.inbox, vitals.vital, notes.inbox, notes.note, people.person)
