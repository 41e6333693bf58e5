"""The ways by which notices leave the system: e-mail, and the robot of a work group (工作群).

Both are off until the operator sets them up (docs/deploy.md). What goes wrong is told in Chinese and names no secret:
neither a password nor the robot's address, whose key lets anybody post. So no cause is chained to these exceptions.
"""


class NotSent(Exception):
    """This message was not taken; others may be."""


class ChannelDown(NotSent):
    """Nothing can be sent this way now."""
