"""The local stack: embedded services and Airflow, for one machine without Google, Docker or an ORS.

`python -m stack run` runs tonight once, `python -m stack up` stays up. It knows the services only by their commands.
"""
