"""What is true of cases, people and documents, in SQL. Facts change only in an entry's effect."""
