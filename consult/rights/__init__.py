"""The rights of somebody who takes part: to see, to change what they agreed to, to leave."""
