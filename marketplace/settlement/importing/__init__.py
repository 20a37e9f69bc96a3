"""Statements of banks: the exports of Chinese banks read, checked row by row, and shown before anything is written."""
