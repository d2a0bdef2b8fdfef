"""The demonstration: invented people, invented cases and the documents drawn for them."""
