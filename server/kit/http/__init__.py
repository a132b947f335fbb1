"""HTTP without domain words: problem details, byte ranges, static files with compressed variants."""
