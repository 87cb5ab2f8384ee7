"""Facts: grid + form → cells; log → items; scores and figures. Tidy rows with their place."""
