"""The way of sealed files to the province and of receipts back."""
