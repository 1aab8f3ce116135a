"""The gate: within a major version nothing changes that would break a reader or a record ever released.

`python -m ipraktik_contracts.gate` holds today's classes against every version in `contracts/released/`;
`python -m ipraktik_contracts.gate release` freezes today's version there. Needs a checkout and nothing else.
"""
