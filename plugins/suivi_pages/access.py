"""Who may do what: readers of a cluster's DAG read its pages, who may trigger the DAG decides its rows."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import GetUserDep
from airflow.configuration import conf
from fastapi import Depends, HTTPException, Request


def may_read(user: GetUserDep, cluster: str) -> bool:
    return bool(get_auth_manager().is_authorized_dag(method="GET", details=_dag(cluster), user=user))


def may_decide(user: GetUserDep, cluster: str) -> bool:
    """Whoever may start the cluster's nights may decide what they hold."""
    return bool(
        get_auth_manager().is_authorized_dag(
            method="POST", access_entity=DagAccessEntity.RUN, details=_dag(cluster), user=user
        )
    )


def reader(cluster: str, user: GetUserDep) -> str:
    """The cluster of the address, for those who may read it."""
    if not may_read(user, cluster):
        raise HTTPException(403, "Vous n'avez pas accès à ce cluster. / You have no access to this cluster.")
    return cluster


def decider(cluster: str, user: GetUserDep, request: Request) -> str:
    """The cluster of the address, for those who may decide; never from another site's page."""
    if not _from_our_pages(request):
        raise HTTPException(403, "Requête d'un autre site refusée. / Request from another site refused.")
    if not may_read(user, cluster) or not may_decide(user, cluster):
        raise HTTPException(403, "Vous ne pouvez pas décider pour ce cluster. / You may not decide for this cluster.")
    return cluster


def _from_our_pages(request: Request) -> bool:
    """False for a request that another site's page may have sent with this person's cookie.

    Browsers say where a form comes from (Sec-Fetch-Site, Origin); a program shows its token itself.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return "authorization" in request.headers
    ours = {request.headers.get("host"), urlsplit(conf.get("api", "base_url", fallback="")).netloc}
    return urlsplit(origin).netloc in ours - {"", None}


def _dag(cluster: str) -> DagDetails:
    return DagDetails(id=f"minutes__{cluster}")


Reader = Annotated[str, Depends(reader)]
Decider = Annotated[str, Depends(decider)]
