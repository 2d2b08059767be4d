"""A case as an Excel workbook, there and back: figures are filled in with Chinese and English headings and read again."""
