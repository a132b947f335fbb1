"""Acts of circulation: opening, carrying, reading, absences."""
