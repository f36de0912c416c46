"""The page *Minutes* in Airflow's navigation, and its tabs on a cluster's DAG and run.

Airflow imports every file of this folder that .airflowignore does not hide; this is the only one. No pandas, no
Great Expectations here: the web server would pay for them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from airflow.plugins_manager import AirflowPlugin

sys.path.insert(0, str(Path(__file__).parent))

from suivi_pages import run_note
from suivi_pages.app import PREFIX, app


class SuiviPlugin(AirflowPlugin):
    """Registers the pages."""

    name = "suivi"
    listeners = [run_note]
    fastapi_apps = [{"app": app, "url_prefix": PREFIX, "name": "Suivi"}]
    # Airflow drops a view whose url_route another one has already
    external_views = [
        {"name": "Minutes", "href": f"{PREFIX}/", "destination": "nav", "url_route": "minutes", "category": "browse"},
        {"name": "Minutes", "href": f"{PREFIX}/dags/{{DAG_ID}}", "destination": "dag", "url_route": "minutes_dag"},
        {
            "name": "Minutes",
            "href": f"{PREFIX}/dags/{{DAG_ID}}/runs/{{RUN_ID}}",
            "destination": "dag_run",
            "url_route": "minutes_run",
        },
    ]
