"""The ledger: the SQL database of files, documents, minutes, identities, registers, issues, edits, nights.

`tables` describes it, `access` reads and writes it in short transactions, `lease` guards one night a cluster,
`schema_version` upgrades it by Alembic and refuses a schema it does not know.
"""

from suivi.ledger.access import Ledger
from suivi.ledger.lease import LeaseHeldError
from suivi.ledger.schema_version import upgrade

__all__ = ["LeaseHeldError", "Ledger", "upgrade"]
