"""One call of cross entropy: its shapes, what is wrong with it, its steps by hand."""
