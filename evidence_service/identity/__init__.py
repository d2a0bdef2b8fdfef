"""Who is asking: accounts, passwords, second factor, sessions, tokens, vouchers. Knows no case."""
