"""Money: dated tables of rates, the electricity bill by hour, cash flows and who gets what of them."""
