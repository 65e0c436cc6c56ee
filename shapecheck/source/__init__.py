"""Files as text, chunks and IR; names and imports; comments that speak to the checker. Knows no shapes."""
