"""The map tab: papers as points, and clusters that are named."""
