"""What templates of the portal and of the login pages may ask."""
