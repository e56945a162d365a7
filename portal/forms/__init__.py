"""Forms of the ground floor, and the kinds of field that every floor's forms are made of."""
