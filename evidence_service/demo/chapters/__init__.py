"""The story in chapters: the police fill the case, parties look, a supervisor reviews."""
