"""Who the agencies are: the register that users edit, their names, and by when they must file."""
