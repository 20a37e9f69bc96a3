"""Registration of technology contracts (技术合同认定登记): asked for by the seller, decided by an office."""
