"""The start of a new building block: ``template/`` is a whole working block named ``voorbeeld_blok`` that is copied under another name."""
