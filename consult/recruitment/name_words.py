"""Two lists of plain words, of which names in the forum are made: kind, and about nobody."""

FIRST_WORDS = tuple(
    """
    Amber Autumn Bold Brave Breezy Bright Bronze Calm Careful Cheerful Clear Clever Cloudy Coastal
    Copper Coral Cosy Crisp Curious Daring Dawn Dreamy Eager Early Emerald Evening Fair Faithful
    Fearless Fleet Fond Fresh Friendly Frosty Gentle Glad Golden Graceful Grand Happy Hardy Harvest
    Hearty Helpful Highland Hopeful Humble Indigo Ivory Jolly Keen Kind Lively Loyal Lucky Lunar Marble
    Mellow Merry Midnight Mindful Misty Modest Morning Neat Nimble Noble Northern Open Patient Peaceful
    Pearl Plucky Polite Proud Purple Quick Quiet Rainy Ready Restful Robust Rosy Ruby Russet Sandy
    Sapphire Scarlet Sea Serene Silver Sincere Skilful Smiling Snowy Southern Sparkling Spring Starry
    Steady Still Stormy Summer Sunny Sunlit Swift Tawny Tender Thankful Thoughtful Tidy Topaz Tranquil
    Trusty Twilight Upland Velvet Vivid Warm Western Windy Winter Wise Witty Woodland Zesty
    """.split()  # noqa: SIM905  (a list of literals is 200 lines)
)
SECOND_WORDS = tuple(
    """
    Acorn Alder Anchor Apple Ash Aspen Avocet Badger Barley Bay Beacon Beech Bilberry Birch Blackbird
    Bluebell Bobbin Bracken Bramble Bridge Brook Bumblebee Bunting Buttercup Button Cedar Chaffinch
    Cherry Chestnut Clover Compass Conker Copse Cornflower Cottage Cove Cowslip Cricket Crocus Curlew
    Cypress Daffodil Daisy Damson Dolphin Dormouse Dove Dragonfly Dunlin Elder Elm Falcon Feather Fern
    Fiddle Finch Firefly Fountain Foxglove Garden Gate Goldfinch Gorse Grove Harbour Hare Harebell Harp
    Hawthorn Hazel Heather Hedgehog Heron Holly Honeysuckle Island Ivy Jasmine Juniper Kestrel Kettle
    Kingfisher Kite Lantern Lapwing Larch Lark Lavender Lighthouse Lilac Lime Linden Linnet Magpie
    Mallow Maple Marigold Marten Meadow Merlin Mill Moorhen Moss Moth Nettle Nightingale Nuthatch Oak
    Orchard Orchid Osprey Otter Owl Pebble Pepper Petrel Pine Pippin Plover Plum Pond Poplar Poppy
    Primrose Puffin Quill Quince Rabbit Raven Redwing Reed River Robin Rosemary Rowan Rush Saffron
    Sandpiper Seal Sedge Shell Skylark Snowdrop Sorrel Sparrow Spruce Squirrel Starling Stream Sunflower
    Swallow Swan Sycamore Teal Teasel Tern Thimble Thistle Thrush Thyme Tower Trellis Tulip Turnstone
    Vale Valley Violet Wagtail Walnut Warbler Wheat Willow Windmill Woodpecker Wren Yarrow Yew
    """.split()  # noqa: SIM905  (a list of literals is 200 lines)
)
