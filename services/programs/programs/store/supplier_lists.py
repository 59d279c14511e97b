"""Rows of ``supplier_list`` and ``supplier_signature``."""

from protocol.suppliers import SignedSupplierList, SupplierList
from windows import ListStore

from programs.store.order_tables import supplier_list, supplier_signature

LISTS: ListStore[SupplierList] = ListStore(supplier_list, supplier_signature, SignedSupplierList)
