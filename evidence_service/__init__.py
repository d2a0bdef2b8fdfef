"""Evidence of road accidents: decided for each asker, marked for one viewing, logged for good."""
