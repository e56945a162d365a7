"""Spoilt workbooks by the thousand: made from a number, so that each can be made again."""
