"""The top floor: what it all adds up to. It reads the floors below and is read by no one."""
