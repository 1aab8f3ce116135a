"""What can come of an attempt to deliver, as a code for the log and in words for the owner's mail."""

from typing import Final

DELIVERED: Final = "delivered"
GONE: Final = "gone"

TROUBLE: Final = {
    "refused": {
        "da": "modtageren svarede med en fejlkode",
        "en": "the receiver answered with an error",
    },
    GONE: {
        "da": "modtageren svarede, at adressen er nedlagt (410)",
        "en": "the receiver answered that the address is gone (410)",
    },
    "redirected": {
        "da": "modtageren viste videre til en anden adresse, og det følger vi ikke",
        "en": "the receiver pointed to another address, and we do not follow that",
    },
    "unreachable": {
        "da": "der var ingen forbindelse til modtageren",
        "en": "no connection to the receiver could be made",
    },
    "no_such_host": {
        "da": "modtagerens navn kan ikke slås op",
        "en": "the receiver's name cannot be looked up",
    },
    "timeout": {
        "da": "modtageren svarede ikke i tide",
        "en": "the receiver did not answer in time",
    },
    "bad_certificate": {
        "da": "modtagerens certifikat holder ikke",
        "en": "the receiver's certificate does not hold",
    },
    "private_address": {
        "da": "modtagerens navn fører til en adresse, vi ikke må kalde",
        "en": "the receiver's name leads to an address that we may not call",
    },
    "not_encrypted": {
        "da": "adressen er ikke krypteret (https)",
        "en": "the address is not encrypted (https)",
    },
    "broken_answer": {
        "da": "modtagerens svar kunne ikke læses",
        "en": "the receiver's answer could not be read",
    },
}
"""Every way in which a delivery fails."""
