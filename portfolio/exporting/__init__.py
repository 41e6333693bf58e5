"""What a `PlanListing` shows as a file: the county's own printed table (.xlsx), or plain rows (.csv)."""
