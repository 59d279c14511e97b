"""Rows of ``staff_list`` and ``staff_signature``."""

from protocol.staff import SignedStaffList, StaffList
from windows import ListStore

from staff.store.tables import staff_list, staff_signature

# No session opens under a list that is being replaced: sessions share the list.
LISTS: ListStore[StaffList] = ListStore(staff_list, staff_signature, SignedStaffList)
