"""What the pages say, in French and English."""

from __future__ import annotations

from fastapi import Request

_WORDS = {
    "title": ("Comptes rendus", "Minutes"),
    "clusters": ("Clusters", "Clusters"),
    "nights": ("Dernières nuits", "Last nights"),
    "night": ("Nuit", "Night"),
    "day": ("Jour", "Day"),
    "state": ("État", "State"),
    "running": ("en cours", "running"),
    "done": ("réussie", "done"),
    "failed": ("en échec", "failed"),
    "did": ("Ce qui a été fait", "What was done"),
    "documents": ("Documents", "Documents"),
    "document": ("Document", "Document"),
    "drive": ("Drive", "Drive"),
    "meeting": ("Réunion", "Meeting"),
    "actions": ("Actions", "Actions"),
    "decisions": ("Décisions", "Decisions"),
    "figures": ("Chiffres", "Figures"),
    "presence": ("Présence", "Presence"),
    "agenda": ("Ordre du jour", "Agenda"),
    "held": ("À vérifier", "Held"),
    "issues": ("Problèmes", "Issues"),
    "advice": ("Que faire", "What to do"),
    "search": ("Chercher un fichier ou un mot", "Search for a file or a word"),
    "find": ("Chercher", "Search"),
    "waiting": ("en attente de lecture", "waiting to be read"),
    "reading": ("lecture interrompue", "reading interrupted"),
    "minutes": ("compte rendu", "minutes"),
    "workbook": ("classeur 5W", "5W workbook"),
    "not_minutes": ("autre document", "not minutes"),
    "missing": ("absent du drive depuis le", "missing from the drive since"),
    "before": ("précédents", "previous"),
    "after": ("suivants", "next"),
    "owner": ("Responsables", "Responsible"),
    "deadline": ("Échéance", "Deadline"),
    "status": ("Statut", "Status"),
    "confidence": ("Confiance", "Confidence"),
    "rule": ("Règle", "Rule"),
    "source_text": ("Texte source", "Source text"),
    "quote": ("Citation", "Quote"),
    "why": ("Pourquoi", "Why"),
    "proposal": ("Proposition", "Proposal"),
    "what": ("Quoi", "What"),
    "decision": ("Décision", "Decision"),
    "accept": ("accepter", "accept"),
    "reject": ("rejeter", "reject"),
    "correct": ("corriger", "correct"),
    "merge": ("fusionner", "merge"),
    "correction": ("champ = valeur ; … · fusion : numéro ou id", "field = value ; … · merge: number or id"),
    "decide": ("Décider", "Decide"),
    "applied": ("appliquée la nuit prochaine", "applied next night"),
    "nothing_held": ("Rien n'attend de décision.", "Nothing waits for a decision."),
    "read_only": (
        "Seules les personnes qui peuvent lancer ce DAG décident ici.",
        "Only people who may trigger this DAG decide here.",
    ),
    "kept": ("Décision enregistrée.", "Decision kept."),
    "data_docs": ("Data Docs (contrôles de la nuit)", "Data Docs (checks of the night)"),
    "no_night": ("Ce cluster n'a pas encore de nuit.", "This cluster has no night yet."),
    "no_run": ("Cette exécution n'a pas encore de nuit.", "This run has no night yet."),
    "gone": ("Les octets de ce document ont été retirés.", "The bytes of this document were taken back."),
    "redact_document": ("Retirer ce document partout…", "Take this document back everywhere…"),
    "redact_row": ("Retirer un document ou une ligne…", "Take a document or a row back…"),
    "redact": ("Retirer", "Take back"),
    "redact_what": ("Numéro, identifiant ou document", "Number, id or document"),
    "redact_why": ("Motif (sans nom de personne)", "Reason (nobody's name)"),
    "redact_reach": (
        "Retire ce document avec toutes ses versions, ou cette ligne, des originaux gardés, du registre, des deux "
        "feuilles, de l'ORS avec son historique et des Data Docs. Cela ne se défait pas.",
        "Takes this document with all its versions, or this row, out of the originals, the ledger, both spreadsheets, "
        "the ORS with its history and the Data Docs. It cannot be undone.",
    ),
    "redact_not": ("Ce qui reste hors de portée", "What stays out of reach"),
    "redact_sure": ("Pour confirmer, écrivez RETIRER", "To confirm, write REDACT"),
    "redact_unsure": ("Rien n'a été fait : le mot de confirmation manque.", "Nothing was done: the word is missing."),
    "redact_off": (
        "Le DAG « redact » est en pause ou absent : activez-le dans Airflow.",
        "The DAG 'redact' is paused or missing: switch it on in Airflow.",
    ),
    "redact_started": ("Le retrait est lancé ; la nuit du cluster suit.", "Taking back has begun; the night follows."),
    "redactions": ("Retraits", "Redactions"),
    "run": ("Exécution", "Run"),
    "steps": ("Étapes", "Steps"),
    "seconds": ("Secondes", "Seconds"),
    "people": ("Personnes", "People"),
    "date": ("Date", "Date"),
    "place": ("Lieu", "Place"),
    "internal": (
        "Page interne : elle montre des citations et des noms. Ne pas diffuser.",
        "Internal page: it shows quotes and names. Do not pass on.",
    ),
}


def language(request: Request) -> str:
    """`?lang=` where given, else the browser's first language; French unless it asks for English."""
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "")
    return "en" if asked.lower().startswith("en") else "fr"


def words(language: str) -> dict[str, str]:
    """Key → word in the language."""
    return {key: pair[0 if language == "fr" else 1] for key, pair in _WORDS.items()}
