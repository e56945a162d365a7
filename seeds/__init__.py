"""The territory as it was published: small tables, and what builds them."""
