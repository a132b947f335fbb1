"""The tray (收件待登记): what was received and is not in the register yet.

It ends by being registered, returned or declined. Owned by the registrar. A matter that lies longer than the office
allows is shown first and reminded of once (R2).
"""
