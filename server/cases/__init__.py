"""Accountability cases (问责): facts and evidence put together for those who may decide.

The office proposes, the head of government approves, the competent organ (有权机关) decides (733 art. 21). A case cites
evidence by statement hash, so that what was shown to the decider can be checked for ever.
"""
