"""The sealed journal: entries are chained in blocks, so that whoever changes one of them later is found.

`blocks` seals, `settling` says what can be sealed, `canonical` what is hashed, `verifying` finds what was changed,
`proofs` shows one entry to an outsider, `witness` hands each hash out.
"""
