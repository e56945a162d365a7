"""The demonstration: the real territory with invented hamlets, cells, people, visits and requests in it.

Whatever is not published is invented and says so in its name ("Mẫu"). No real commune, office or cell is given an
invented bad grade or a late answer: results are invented for invented hamlets, cells and bodies only.
"""
