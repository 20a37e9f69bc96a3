"""Discovery: matches and why, feedback on them. It joins the market to the `matching` library."""
