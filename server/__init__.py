"""The application: one package for each word of the field, composed in ``app``, ``worker`` and ``cli``."""
