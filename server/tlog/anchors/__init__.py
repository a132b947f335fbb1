"""Time stamps from outside (RFC 3161): at the latest when did the log, and with it a piece of evidence, exist?

The operator is an interested party, so its own clock proves nothing. An authority that knows neither us nor the content
signs the digest of a checkpoint together with its time: hourly, when a chain is sealed, before a decision, on demand.
The raw answer is verified and kept. Nothing waits for an authority: what is not stamped yet is visible as pending.

**Renewal.** A token proves its time only while its certificate and algorithms are trusted. Before a certificate ends,
and yearly, tokens are stamped again (the idea of RFC 4998, one new token for many old ones): each old token is a leaf
``SHA-256(0x00 ‖ token ‖ message)``, where the message is what that token stamped (the checkpoint's note, or the root of
an earlier renewal); the leaves in their order form an RFC 6962 tree; the new token stamps its 32-byte root. To check an
old token: its path leads to the root, the new token stamps that root, and the new token's time lies before the end of
the old certificate.
"""
