-- Run once by the image of PostgreSQL on an empty volume: beside Airflow's own database the ledger's and the ORS's.
CREATE DATABASE suivi;
CREATE DATABASE ors;
