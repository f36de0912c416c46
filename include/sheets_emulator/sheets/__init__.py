"""The Sheets API v4: addresses, values, grid data, data filters and the table of its methods."""
