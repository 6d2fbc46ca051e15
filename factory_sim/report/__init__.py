"""The answer that people read: the ranking in the terminal and the HTML report, in English and Korean."""
